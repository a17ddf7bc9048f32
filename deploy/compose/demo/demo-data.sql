-- :users users and what they write, like and follow. The same rows each time.
SET search_path = load_social;
SELECT count(*) > 0 AS filled FROM users \gset
\if :filled
\echo the tables hold rows already: nothing added
\quit
\endif
BEGIN;
SELECT setseed(0.42);
INSERT INTO users (id, handle, name, bio, born, score, invited_by)
  SELECT n, 'user' || n, 'User ' || n, 'Writes since ' || n, date '1960-01-01' + n % 16000, n % 1000 / 10.0, CASE WHEN n % 3 = 0 THEN n / 3 END
  FROM generate_series(1, :users) n;
INSERT INTO tags (name, description) SELECT 'tag' || n, 'About ' || n FROM generate_series(1, 100) n;
INSERT INTO posts (id, author_id, title, body)
  SELECT n, 1 + floor(random() * :users)::bigint, 'Post ' || n, repeat('So live. ', 1 + n % 20) FROM generate_series(1, 2 * :users) n;
INSERT INTO comments (post_id, number, author_id, parent_number, body)
  SELECT p, number, 1 + floor(random() * :users)::bigint, CASE WHEN number > 1 THEN number - 1 END, 'Comment ' || number
  FROM generate_series(1, :users) p, generate_series(1, 2) number;
INSERT INTO post_tags (post_id, tag) SELECT n, 'tag' || 1 + n % 100 FROM generate_series(1, 2 * :users) n;
INSERT INTO follows (follower_id, followee_id)
  SELECT n, 1 + floor(random() * :users)::bigint FROM generate_series(1, :users) n, generate_series(1, 3) ON CONFLICT DO NOTHING;
INSERT INTO likes (user_id, post_id)
  SELECT n, 1 + floor(random() * 2 * :users)::bigint FROM generate_series(1, :users) n, generate_series(1, 3) ON CONFLICT DO NOTHING;
-- the next ids follow those that were given
SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users)), setval(pg_get_serial_sequence('posts', 'id'), (SELECT max(id) FROM posts));
COMMIT;
ANALYZE users, posts, comments, tags, post_tags, follows, likes;
SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM posts) AS posts, (SELECT count(*) FROM comments) AS comments, (SELECT count(*) FROM follows) AS follows,
       (SELECT count(*) FROM likes) AS likes, (SELECT count(*) FROM post_tags) AS post_tags;
