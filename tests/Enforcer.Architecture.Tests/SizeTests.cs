namespace Enforcer.Architecture.Tests;

/// <summary>Sizes and shape of files: small enough to be read in one go, one public type each, sealed unless meant to be derived from.</summary>
public sealed class SizeTests
{
    private const int MostFileLines = 400;
    private const int MostMethodLines = 70;

    public static TheoryData<string> Folders => ["src", "tests", "loadtests", "samples"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Files_are_short(string folder) =>
        Assert.Empty(House.Sources(folder).Where(f => File.ReadLines(f).Count() > MostFileLines).Select(House.Relative));

    [Theory]
    [MemberData(nameof(Folders))]
    public void Methods_are_short(string folder) => Assert.Empty(
        from file in House.Sources(folder)
        from method in Source.Methods(File.ReadAllText(file))
        where method.Lines > MostMethodLines
        select $"{House.Relative(file)}: {method.Name} takes {method.Lines} lines");

    [Fact]
    public void A_file_declares_one_public_type_and_is_called_like_it() => Assert.Empty(
        from file in House.Sources("src")
        let types = Source.TopTypes(File.ReadAllText(file)).Where(t => t.Modifiers.Contains("public", StringComparison.Ordinal)).ToList()
        where types.Count > 1 || types.Exists(t => NameOf(file) != t.Name)
        select $"{House.Relative(file)}: {string.Join(", ", types.Select(t => t.Name))}");

    /// <summary>"PairOfT.cs" is the file of Pair&lt;T&gt;.</summary>
    private static string NameOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file).Split('.')[0];
        return name.EndsWith("OfT", StringComparison.Ordinal) ? name[..^3] : name;
    }

    [Fact]
    public void Classes_are_sealed() => Assert.Empty(
        from file in House.Sources("src")
        let text = File.ReadAllText(file)
        from type in Source.TopTypes(text)
        where type.Kind is "class" or "record"
        where !type.Modifiers.Contains("sealed", StringComparison.Ordinal)
            && !type.Modifiers.Contains("static", StringComparison.Ordinal)
            && !type.Modifiers.Contains("abstract", StringComparison.Ordinal)
        select $"{House.Relative(file)}: {type.Name}");

    [Fact]
    public void The_reader_of_sources_sees_what_it_must()
    {
        const string Text = """
            public sealed class A
            {
                // public class NotThis {
                private static int Long(string text)
                {
                    return text == "public class NorThis {" ? 1 : '{';
                }
            }
            internal class B;
            """;
        Assert.Equal([("Long", 4)], Source.Methods(Text));
        Assert.Equal(["A", "B"], Source.TopTypes(Text).Select(t => t.Name));
    }
}
