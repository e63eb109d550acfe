using Microsoft.Data.Sqlite;
using Waybill.Data;
using Xunit;

namespace Waybill.Tests.Data;

public sealed class SqliteInsertTests : IDisposable
{
    readonly SqliteConnection _db = new("Data Source=:memory:");
    readonly SqliteInsert<Row> _insert;

    public SqliteInsertTests()
    {
        _db.Open();
        using var create = _db.CreateCommand();
        create.CommandText = "create table t (id integer primary key, number bigint, text text, bytes blob)";
        create.ExecuteNonQuery();
        _insert = new(_db, "insert into t", "id, number, text, bytes", static (insert, row) =>
        {
            insert.Bind(row.Id).Bind(row.Number);
            if (row.IsBad)
                throw new InvalidOperationException("bad row");
            insert.Bind(row.Text).Bind(row.Bytes);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    public void Every_row_is_stored_as_it_is_however_many_come(int count)
    {
        // what a parameter held before (a number, nothing, a text) must not be taken for what it holds now
        var stored = new List<Row>();
        for (var round = 0; round < 4; round++)
        {
            var rows = Enumerable.Range(0, count).Select(i => Row.Of(stored.Count + i, (i / 3) + round)).ToList();
            _insert.Run(rows);
            stored.AddRange(rows);
        }
        Assert.Equal(stored, Read());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void A_row_that_cannot_be_bound_leaves_nothing_for_those_after_it(int count)
    {
        var rows = Enumerable.Range(0, count).Select(i => Row.Of(i, i)).ToList();
        Assert.Throws<InvalidOperationException>(() => _insert.Run([rows[0], rows[1] with { IsBad = true }, .. rows[2..]]));
        Assert.Empty(Read().Skip(1));
        Clear();
        _insert.Run(rows);
        Assert.Equal(rows, Read());
    }

    [Fact]
    public void A_row_that_cannot_be_stored_leaves_nothing_for_those_after_it()
    {
        var rows = Enumerable.Range(0, 20).Select(i => Row.Of(i, i)).ToList();
        Assert.Throws<SqliteException>(() => _insert.Run([.. rows[..18], rows[0], rows[0]]));
        Clear();
        _insert.Run(rows);
        Assert.Equal(rows, Read());
    }

    public void Dispose() => _db.Dispose();

    void Clear()
    {
        using var delete = _db.CreateCommand();
        delete.CommandText = "delete from t";
        delete.ExecuteNonQuery();
    }

    List<Row> Read()
    {
        using var select = _db.CreateCommand();
        select.CommandText = "select id, number, text, hex(bytes) from t order by id";
        using var reader = select.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
            rows.Add(new(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3)));
        return rows;
    }

    sealed record Row(long Id, long? Number, string? Text, string Hex)
    {
        public bool IsBad { get; init; }

        public byte[]? Bytes => Hex.Length == 0 ? null : Convert.FromHexString(Hex);

        public static Row Of(long id, int kind) => (kind % 4) switch
        {
            0 => new(id, 0, null, ""),
            1 => new(id, null, "text", "00"),
            2 => new(id, 7, "", "0102"),
            _ => new(id, null, null, ""),
        };
    }
}
