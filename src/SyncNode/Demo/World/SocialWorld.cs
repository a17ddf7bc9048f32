using Npgsql;

namespace PolyglotSync.SyncNode.Demo.World;

/// <summary>Makes the world and fills it.</summary>
internal static class SocialWorld
{
    /// <summary>Makes database and tables and fills them with about <paramref name="rows"/> rows.</summary>
    /// <param name="rows">Rows in all tables together, 100 or more.</param>
    /// <returns>The rows there are.</returns>
    public static async Task<long> CreateAsync(string serverConnection, string connection, int rows, CancellationToken cancellationToken)
    {
        await using (var server = NpgsqlDataSource.Create(serverConnection))
        await using (var create = server.CreateCommand($"CREATE DATABASE {SocialSchema.Database}"))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var source = NpgsqlDataSource.Create(connection);
        await ExecuteAsync(source, SocialSchema.Tables, cancellationToken);

        await ExecuteAsync(source, Fill(rows), cancellationToken);
        await ExecuteAsync(source, "ANALYZE", cancellationToken);
        return await CountAsync(source, cancellationToken);
    }

    /// <summary>SQL that fills empty tables. Whole batches at once; hashes instead of random(), so that the same number of rows is the same world.</summary>
    /// <param name="rows">About so many in all tables together.</param>
    public static string Fill(int rows)
    {
        int users = Math.Max(10, rows / 8), posts = Math.Max(10, rows / 5), tags = Math.Clamp(rows / 200, 5, 500);
        int comments = rows / 5, follows = rows / 5, likes = rows / 6;
        var postTags = Math.Max(0, rows - users - posts - tags - comments - follows - likes);
        return $"""
            INSERT INTO users (id, handle, name, bio, born, score, invited_by, created_at)
              SELECT i, 'user' || i, 'User ' || i, CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('Likes graphs. ', 1 + i % 5) END,
                     date '1960-01-01' + (i * 37 % 18000), (i * 7919 % 100000) / 100.0, CASE WHEN i % 5 = 0 OR i = 1 THEN NULL ELSE 1 + i * 31 % (i - 1) END,
                     timestamptz '2024-01-01 00:00:00Z' + i * interval '17 minutes'
              FROM generate_series(1, {users}) i;
            INSERT INTO posts (id, author_id, title, body, created_at)
              SELECT i, 1 + i * 7 % {users}, 'Post ' || i, repeat('Words and more words. ', 1 + i % 8), timestamptz '2024-06-01 00:00:00Z' + i * interval '5 minutes'
              FROM generate_series(1, {posts}) i;
            INSERT INTO tags SELECT 'tag' || i, CASE WHEN i % 2 = 0 THEN 'About subject ' || i END FROM generate_series(1, {tags}) i;
            INSERT INTO comments (post_id, number, author_id, parent_number, body)
              SELECT 1 + i % {posts}, 1 + i / {posts}, CASE WHEN i % 9 = 0 THEN NULL ELSE 1 + i * 13 % {users} END,
                     CASE WHEN i / {posts} > 0 AND i % 2 = 0 THEN i / {posts} END, 'Comment ' || i
              FROM generate_series(0, {comments - 1}) i;
            INSERT INTO follows SELECT 1 + i % {users}, 1 + (i * 17 + i / {users} + 1) % {users}, date '2024-02-01' + i % 300 FROM generate_series(0, {follows - 1}) i ON CONFLICT DO NOTHING;
            INSERT INTO likes SELECT 1 + i * 11 % {users}, 1 + i % {posts}, timestamptz '2024-07-01 00:00:00Z' + i * interval '1 minute' FROM generate_series(0, {likes - 1}) i ON CONFLICT DO NOTHING;
            INSERT INTO post_tags SELECT 1 + i % {posts}, 'tag' || (1 + (i * 3 + i / {posts}) % {tags}) FROM generate_series(0, {postTags - 1}) i ON CONFLICT DO NOTHING;
            SELECT setval(pg_get_serial_sequence('users', 'id'), {users}), setval(pg_get_serial_sequence('posts', 'id'), {posts});
            """;
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM follows) + (SELECT count(*) FROM posts) + (SELECT count(*) FROM comments)
                 + (SELECT count(*) FROM tags) + (SELECT count(*) FROM post_tags) + (SELECT count(*) FROM likes)
            """);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
