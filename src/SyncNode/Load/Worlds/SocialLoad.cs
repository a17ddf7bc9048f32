using PolyglotSync.SyncNode.Demo.World;
using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Statements;
using static PolyglotSync.SyncNode.Load.Worlds.LoadAction;

namespace PolyglotSync.SyncNode.Load.Worlds;

/// <summary>The <c>social</c> world, tables and first rows those of the demo: join tables, self-references, cascades, keys that change with everything that refers to them.</summary>
internal static class SocialLoad
{
    /// <summary>How often another pair is tried where there is such a row already.</summary>
    private const int PairTries = 4;

    private static readonly KeySet Users = new("users", "SELECT id, 0::bigint FROM users WHERE id % $1 = $2 ORDER BY id LIMIT $3");
    private static readonly KeySet Posts = new("posts", "SELECT id, author_id FROM posts WHERE author_id % $1 = $2 ORDER BY id LIMIT $3") { CountsParents = true };
    private static readonly KeySet Comments = new("comments",
        "SELECT c.post_id, c.number::bigint FROM comments c JOIN posts p ON p.id = c.post_id WHERE p.author_id % $1 = $2 ORDER BY 1, 2 LIMIT $3");
    private static readonly KeySet Tags = new("tags", "SELECT substr(name, 4)::bigint, 0::bigint FROM tags WHERE substr(name, 4)::bigint % $1 = $2 ORDER BY 1 LIMIT $3");
    private static readonly KeySet Follows = new("follows", "SELECT follower_id, followee_id FROM follows WHERE follower_id % $1 = $2 AND followee_id % $1 = $2 ORDER BY 1, 2 LIMIT $3");
    private static readonly KeySet Likes = new("likes",
        "SELECT l.user_id, l.post_id FROM likes l JOIN posts p ON p.id = l.post_id WHERE l.user_id % $1 = $2 AND p.author_id % $1 = $2 ORDER BY 1, 2 LIMIT $3");
    private static readonly KeySet PostTags = new("post_tags",
        "SELECT t.post_id, substr(t.tag, 4)::bigint FROM post_tags t JOIN posts p ON p.id = t.post_id WHERE p.author_id % $1 = $2 ORDER BY 1, 2 LIMIT $3");

    public static readonly LoadWorld World = new("social", 1, SocialSchema.TableNames, SocialSchema.Tables, SocialWorld.Fill,
        "SELECT greatest(0, (SELECT max(id) FROM users), (SELECT max(id) FROM posts), (SELECT max(substr(name, 4)::bigint) FROM tags))", "SELECT coalesce(max(number), 0)::bigint FROM comments",
        [Users, Posts, Comments, Tags, Follows, Likes, PostTags],
        [
            new(LoadKind.Insert, 16, "users", 2, $"""
                INSERT INTO users (id, handle, name, bio, born, score, invited_by)
                  SELECT a, 'load' || a, 'User ' || a, CASE WHEN a % 3 = 0 THEN NULL ELSE repeat('Likes graphs. ', (1 + a % 5)::int) END,
                         date '1960-01-01' + (a * 37 % 18000)::int, (a * 7919 % 100000) / 100.0, nullif(b, 0)
                  FROM {Rows(2)}
                """, User),
            new(LoadKind.Insert, 22, "posts", 2, $"INSERT INTO posts (id, author_id, title, body) SELECT a, b, 'Post ' || a, repeat('Words and more words. ', (1 + a % 8)::int) FROM {Rows(2)}", rows =>
            {
                if (rows.Any(Users) is not { } author) return null;
                var id = rows.FreshId();
                return new DrawnRow(id, author.A, 0, rows.Add(Posts, id, author.A)) { Parent = author.Row };
            }),
            new(LoadKind.Insert, 20, "comments", 3, $"INSERT INTO comments (post_id, number, author_id, body) SELECT a, b, nullif(c, 0), 'Comment ' || b FROM {Rows(3)}", rows =>
            {
                if (rows.Hot(Posts) is not { } post) return null;
                var author = rows.Chance(0.9) ? rows.Any(Users) : null;
                var number = rows.FreshNumber();
                return new DrawnRow(post.A, number, author?.A ?? 0, rows.Add(Comments, post.A, number)) { Parent = post.Row, OtherParent = author?.Row };
            }),
            new(LoadKind.Insert, 1, "tags", 1, $"INSERT INTO tags SELECT 'tag' || a, 'About subject ' || a FROM {Rows(1)}", rows =>
            {
                var number = rows.FreshId();
                return new DrawnRow(number, 0, 0, rows.Add(Tags, number));
            }),
            new(LoadKind.Insert, 18, "follows", 2, $"INSERT INTO follows (follower_id, followee_id) SELECT a, b FROM {Rows(2)} ON CONFLICT DO NOTHING", rows => Pair(rows, Follows, Users, Users)),
            new(LoadKind.Insert, 16, "likes", 2, $"INSERT INTO likes (user_id, post_id) SELECT a, b FROM {Rows(2)} ON CONFLICT DO NOTHING", rows => Pair(rows, Likes, Users, Posts)),
            new(LoadKind.Insert, 7, "post_tags", 2, $"INSERT INTO post_tags SELECT a, 'tag' || b FROM {Rows(2)} ON CONFLICT DO NOTHING", rows => Pair(rows, PostTags, Posts, Tags)),
            // NULL and back.
            new(LoadKind.Update, 45, "users", 2,
                $"UPDATE users SET score = score + 1.25, bio = CASE WHEN x.b % 5 = 0 THEN NULL ELSE 'Changed at ' || x.b END FROM {Rows(2)} WHERE users.id = x.a",
                rows => rows.Hot(Users) is { } at ? new DrawnRow(at.A, rows.Stamp(), 0, at.Row) : null),
            new(LoadKind.Update, 35, "posts", 2, $"UPDATE posts SET title = 'Edited ' || x.b FROM {Rows(2)} WHERE posts.id = x.a",
                rows => rows.Hot(Posts) is { } at ? new DrawnRow(at.A, rows.Stamp(), 0, at.Row) : null),
            // A foreign key that moves, or goes.
            new(LoadKind.Update, 12, "users", 2, $"UPDATE users SET invited_by = nullif(x.b, 0) FROM {Rows(2)} WHERE users.id = x.a", rows =>
            {
                if (rows.Any(Users) is not { } at) return null;
                var by = rows.Chance(0.7) ? rows.Hot(Users) : null;
                if (by?.A == at.A) by = null;
                return new DrawnRow(at.A, by?.A ?? 0, 0, at.Row) { Parent = by?.Row };
            }),
            new(LoadKind.Update, 8, "posts", 2, $"UPDATE posts SET author_id = x.b FROM {Rows(2)} WHERE posts.id = x.a", rows =>
            {
                if (rows.Any(Posts) is not { } at || rows.Any(Users) is not { } author) return null;
                return new DrawnRow(at.A, author.A, 0, rows.Move(at, at.A, author.A)) { Parent = author.Row };
            }),
            new(LoadKind.Delete, 40, "likes", 2, $"DELETE FROM likes USING {Rows(2)} WHERE (likes.user_id, likes.post_id) = (x.a, x.b)",
                rows => rows.Any(Likes) is { } at ? new DrawnRow(at.A, at.B, 0, rows.Remove(at)) : null),
            new(LoadKind.Delete, 30, "follows", 2, $"DELETE FROM follows USING {Rows(2)} WHERE (follows.follower_id, follows.followee_id) = (x.a, x.b)",
                rows => rows.Any(Follows) is { } at ? new DrawnRow(at.A, at.B, 0, rows.Remove(at)) : null),
            new(LoadKind.Delete, 15, "comments", 2, $"DELETE FROM comments USING {Rows(2)} WHERE (comments.post_id, comments.number) = (x.a, x.b)",
                rows => rows.Any(Comments) is { } at ? new DrawnRow(at.A, at.B, 0, rows.Remove(at)) : null),
            // Cascading: what hangs on them goes too, and counts for no row when it is chosen later. Users and tags of the first rows stay: rows of other connections refer to them.
            new(LoadKind.Delete, 10, "posts", 1, $"DELETE FROM posts USING {Rows(1)} WHERE posts.id = x.a", rows => rows.Any(Posts) is { } at ? new DrawnRow(at.A, 0, 0, rows.Remove(at)) : null),
            new(LoadKind.Delete, 5, "users", 1, $"DELETE FROM users USING {Rows(1)} WHERE users.id = x.a",
                rows => rows.Any(Users) is { A: >= OwnRows.FirstId } at && !rows.HasChildren(Posts, at.A) ? new DrawnRow(at.A, 0, 0, rows.Remove(at)) : null),
            new(LoadKind.KeyChange, 90, "follows", 3, $"""
                UPDATE follows SET followee_id = x.c FROM {Rows(3)}
                WHERE (follows.follower_id, follows.followee_id) = (x.a, x.b) AND NOT EXISTS (SELECT FROM follows o WHERE (o.follower_id, o.followee_id) = (x.a, x.c))
                """, rows =>
            {
                if (rows.Any(Follows) is not { } at || rows.Any(Users) is not { } other || rows.Contains(Follows, at.A, other.A)) return null;
                return new DrawnRow(at.A, at.B, other.A, at.Row) { MovedTo = rows.Move(at, at.A, other.A), Parent = other.Row };
            }),
            // With everything that refers to it.
            new(LoadKind.KeyChange, 10, "tags", 2, $"UPDATE tags SET name = 'tag' || x.b FROM {Rows(2)} WHERE tags.name = 'tag' || x.a", rows =>
            {
                if (rows.Any(Tags) is not { A: >= OwnRows.FirstId } at) return null;
                var number = rows.FreshId();
                return new DrawnRow(at.A, number, 0, at.Row) { MovedTo = rows.Move(at, number) };
            }),
        ]);

    private static DrawnRow? User(OwnRows rows)
    {
        var by = rows.Chance(0.7) ? rows.Any(Users) : null;
        var id = rows.FreshId();
        return new DrawnRow(id, by?.A ?? 0, 0, rows.Add(Users, id)) { Parent = by?.Row };
    }

    /// <summary>A row of a join table between two that are there; the second one by the skew.</summary>
    private static DrawnRow? Pair(OwnRows rows, KeySet join, KeySet from, KeySet to)
    {
        for (var i = 0; i < PairTries; i++)
        {
            if (rows.Any(from) is not { } one || rows.Hot(to) is not { } two) return null;
            if (!rows.Contains(join, one.A, two.A)) return new DrawnRow(one.A, two.A, 0, rows.Add(join, one.A, two.A)) { Parent = one.Row, OtherParent = two.Row };
        }
        return null;
    }
}
