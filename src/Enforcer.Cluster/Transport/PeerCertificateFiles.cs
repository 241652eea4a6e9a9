namespace Enforcer.Cluster;

/// <summary>The files, in PEM, by which a node shows who it is.</summary>
/// <param name="Certificate">Its certificate, and those between it and the authority, if there are any.</param>
/// <param name="Key">The certificate's private key, not encrypted.</param>
/// <param name="Authority">The certificates of the authority that issues those of the nodes, and of nobody else.</param>
public sealed record PeerCertificateFiles(string Certificate, string Key, string Authority);
