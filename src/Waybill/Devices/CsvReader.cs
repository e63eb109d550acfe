using System.Text;

namespace Waybill.Devices;

/// <summary>One record of a CSV text (RFC 4180): its cells, or why it has none.</summary>
sealed record CsvRecord(int Line, IReadOnlyList<string> Cells, string? Mistake);

/// <summary>Reads CSV as it arrives. A record that is too long or badly quoted is reported and skipped; memory stays bounded.</summary>
sealed class CsvReader(TextReader text)
{
    public const int LongestRecord = 16 << 10;

    readonly char[] _buffer = new char[8 << 10];
    int _at, _end;
    int _line = 1;

    /// <summary>Null at the end. Empty lines are no records.</summary>
    public async ValueTask<CsvRecord?> ReadAsync(CancellationToken ct)
    {
        while (await PeekAsync(ct) is >= 0)
        {
            var record = await RecordAsync(ct);
            if (record.Mistake is not null || record.Cells is not [""])
                return record;
        }
        return null;
    }

    async ValueTask<CsvRecord> RecordAsync(CancellationToken ct)
    {
        var line = _line;
        var (cells, cell) = (new List<string>(), new StringBuilder());
        var (quoted, closed, length) = (false, false, 0);
        string? mistake = null;
        while (await NextAsync(ct) is >= 0 and var next)
        {
            var c = (char)next;
            if (++length > LongestRecord)
                mistake ??= $"the line is longer than {LongestRecord} characters";
            if (quoted && c == '"' && await PeekAsync(ct) == '"')
                cell.Append((char)await NextAsync(ct));
            else if (quoted && c == '"')
                (quoted, closed) = (false, true);
            else if (!quoted && c == '"' && cell.Length == 0 && !closed)
                quoted = true;
            else if (!quoted && c == ',')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                closed = false;
            }
            else if (!quoted && c == '\n' || mistake is not null && c == '\n')
            {
                quoted = false;
                break;
            }
            else if (!quoted && (c == '"' || closed && c != '\r'))
                mistake ??= "a quote stands where none may: put the whole cell in quotes and double those within";
            else if ((quoted || c != '\r') && mistake is null)
                cell.Append(c);
        }
        if (quoted)
            mistake ??= "a quote is not closed";
        cells.Add(cell.ToString());
        return new(line, mistake is null ? cells : [], mistake);
    }

    async ValueTask<int> PeekAsync(CancellationToken ct)
    {
        if (_at == _end)
            (_at, _end) = (0, await text.ReadAsync(_buffer.AsMemory(), ct));
        return _end == 0 ? -1 : _buffer[_at];
    }

    async ValueTask<int> NextAsync(CancellationToken ct)
    {
        var next = await PeekAsync(ct);
        if (next >= 0)
            _at++;
        if (next == '\n')
            _line++;
        return next;
    }
}
