namespace Waybill.Tests.Protocols;

/// <summary>A conversation of a dialect, in the format that the README beside the transcripts defines.</summary>
sealed record Transcript(string Name, string Plays, string Device, IReadOnlyList<TranscriptStep> Steps)
{
    public override string ToString() => Name;

    /// <summary>All conversations of a dialect's folder under src/Protocols, by name.</summary>
    public static IReadOnlyList<Transcript> Of(string dialect)
    {
        var folder = Path.Combine(Checkout.Root, "src", "Protocols", dialect, "transcripts");
        return [.. Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).Select(Read)];
    }

    static Transcript Read(string file)
    {
        var steps = File.ReadAllLines(file).Select((text, line) => TranscriptStep.Read(line + 1, text)).OfType<TranscriptStep>().ToList();
        string Header(string word) => steps.Single(s => s.Mark == "@" && s.Text.StartsWith(word, StringComparison.Ordinal)).Text[(word.Length + 1)..];
        return new(Path.GetFileNameWithoutExtension(file), Header("plays"), Header("device"), [.. steps.Where(s => s.Mark != "@")]);
    }
}

/// <summary>One line: its mark, and what follows the mark and a blank.</summary>
sealed record TranscriptStep(int Line, string Mark, string Text)
{
    public static TranscriptStep? Read(int line, string text)
    {
        if (text.Length == 0 || text[0] == '#')
            return null;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? new(line, text, "") : new(line, text[..blank], text[(blank + 1)..]);
    }
}
