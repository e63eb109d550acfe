using System.Data.Common;
using Waybill.Data;

namespace Waybill.S3.Rows;

/// <summary>Pages of a bucket's keys, and of its uploads in parts.</summary>
sealed class KeyLists(Database database)
{
    public async Task<KeyPage<S3Object>> ObjectsAsync(Bucket bucket, KeyQuery query, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        await using var command = Command(db, bucket, "select key, size, etag, modified_at from s3_objects where bucket_id = @bucket and key >= @key and @id >= 0 order by key limit @limit");
        return await new KeyWalk<S3Object>(command, ReadObject, o => new(o.Key, 0)).RunAsync(query, ct);
    }

    public async Task<KeyPage<Upload>> UploadsAsync(Bucket bucket, KeyQuery query, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        await using var command = Command(db, bucket, "select key, id, created_at from s3_uploads where bucket_id = @bucket and (key, id) >= (@key, @id) order by key, id limit @limit");
        return await new KeyWalk<Upload>(command, ReadUpload, u => new(u.Key, u.Id)).RunAsync(query, ct);
    }

    static DbCommand Command(DbConnection db, Bucket bucket, string sql)
    {
        var command = db.CreateCommand();
        command.CommandText = sql;
        Add("bucket", bucket.Id);
        Add("key", "");
        Add("id", 0L);
        Add("limit", 0);
        return command;

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    static S3Object ReadObject(DbDataReader row) => new() { Key = row.GetString(0), Size = row.GetInt64(1), ETag = row.GetString(2), ModifiedAt = row.GetInt64(3) };

    static Upload ReadUpload(DbDataReader row) => new() { Key = row.GetString(0), Id = row.GetInt64(1), CreatedAt = row.GetInt64(2) };
}
