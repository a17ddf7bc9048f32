namespace PolyglotSync.SyncNode.Demo.World;

/// <summary>One kind of live write: a statement that finds its own rows, and how often it is drawn.</summary>
/// <param name="Weight">Relative to the others.</param>
/// <param name="Sql">Takes a random number from 0 to 1 as $1, $2 and $3, and a counter as $4. It may touch no row (what it drew is gone).</param>
internal sealed record LiveAction(int Weight, string Sql)
{
    /// <summary>A random user or post: the first at or after a random id; ids that are gone are skipped.</summary>
    private static string AnyUser(string random) => $"(SELECT id FROM users WHERE id >= floor({random} * (SELECT max(id) FROM users))::bigint ORDER BY id LIMIT 1)";
    private static string AnyPost(string random) => $"(SELECT id FROM posts WHERE id >= floor({random} * (SELECT max(id) FROM posts))::bigint ORDER BY id LIMIT 1)";

    public static readonly IReadOnlyList<LiveAction> All =
    [
        new(14, $"INSERT INTO users (handle, name, invited_by) SELECT 'live' || $4, 'Live ' || $4, CASE WHEN $2 < 0.7 THEN {AnyUser("$1")} END"),
        new(18, $"INSERT INTO posts (author_id, title, body) SELECT {AnyUser("$1")}, 'Live post ' || $4, repeat('So live. ', 1 + ($2 * 20)::int)"),
        new(14, $"""
            INSERT INTO comments (post_id, number, author_id, parent_number, body)
              SELECT p.id, coalesce(max(c.number), 0) + 1, CASE WHEN $2 < 0.8 THEN {AnyUser("$2")} END, CASE WHEN $3 < 0.5 THEN max(c.number) END, 'Live comment ' || $4
              FROM posts p LEFT JOIN comments c ON c.post_id = p.id WHERE p.id = {AnyPost("$1")} GROUP BY p.id
            """),
        new(12, $"INSERT INTO follows (follower_id, followee_id) SELECT {AnyUser("$1")}, {AnyUser("$2")} ON CONFLICT DO NOTHING"),
        new(12, $"INSERT INTO likes (user_id, post_id) SELECT {AnyUser("$1")}, {AnyPost("$2")} ON CONFLICT DO NOTHING"),
        new(6, $"INSERT INTO post_tags SELECT {AnyPost("$1")}, name FROM tags ORDER BY hashtext(name || $4) LIMIT 1 ON CONFLICT DO NOTHING"),
        // Plain updates, NULL and back.
        new(14, $"UPDATE users SET score = score + 1.25, bio = CASE WHEN $2 < 0.2 THEN NULL ELSE 'Changed at ' || $4 END WHERE id = {AnyUser("$1")}"),
        new(10, $"UPDATE posts SET title = 'Edited ' || $4 WHERE id = {AnyPost("$1")}"),
        // A foreign key that moves, or goes.
        new(6, $"UPDATE users SET invited_by = CASE WHEN $2 < 0.6 THEN {AnyUser("$2")} END WHERE id = {AnyUser("$1")}"),
        new(4, $"UPDATE posts SET author_id = {AnyUser("$2")} WHERE id = {AnyPost("$1")}"),
        // A key that changes, with everything that refers to it.
        new(1, "UPDATE tags SET name = 'renamed' || $4 WHERE name = (SELECT name FROM tags ORDER BY hashtext(name || $4) LIMIT 1)"),
        // Deletes, cascading.
        new(4, $"DELETE FROM likes WHERE (user_id, post_id) = (SELECT user_id, post_id FROM likes WHERE user_id >= {AnyUser("$1")} ORDER BY user_id LIMIT 1)"),
        new(3, $"DELETE FROM follows WHERE (follower_id, followee_id) = (SELECT follower_id, followee_id FROM follows WHERE follower_id >= {AnyUser("$1")} ORDER BY follower_id LIMIT 1)"),
        new(2, $"DELETE FROM posts WHERE id = {AnyPost("$1")}"),
        new(1, $"DELETE FROM users WHERE id = {AnyUser("$1")}"),
    ];
}
