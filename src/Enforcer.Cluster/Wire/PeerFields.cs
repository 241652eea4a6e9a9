namespace Enforcer.Cluster;

/// <summary>The fields of <c>PeerRequests</c> and <c>PeerAnswers</c>.</summary>
internal static class PeerFields
{
    public const int Commands = 1;
    public const int Questions = 2;
    public const int Outcomes = 1;
    public const int Answers = 2;
    public const uint CommandsTag = (Commands << 3) | 2;
    public const uint QuestionsTag = (Questions << 3) | 2;
    public const uint OutcomesTag = (Outcomes << 3) | 2;
    public const uint AnswersTag = (Answers << 3) | 2;

    /// <summary>A frame that has grown to this size is sent before more is written; no message is nearly as long as what is left to the bound of a frame.</summary>
    public const int FullFrameBytes = 1 << 20;
}
