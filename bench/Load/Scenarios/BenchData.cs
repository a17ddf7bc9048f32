namespace PolyglotSync.Bench.Scenarios;

/// <summary>The same rows for the limit and for the product, made from a fixed seed: users 1 to N with five columns, as many follows between random pairs, as many updates of random users.</summary>
internal sealed class BenchData
{
    public BenchData(int users)
    {
        Users = users;
        var random = new Random(20_251);
        var seen = new HashSet<(int, int)>(users);
        Followers = new int[users];
        Followees = new int[users];
        for (var i = 0; i < users; i++)
        {
            (int, int) pair;
            do pair = (random.Next(users) + 1, random.Next(users) + 1);
            while (!seen.Add(pair));
            (Followers[i], Followees[i]) = pair;
        }
        Updated = new int[users];
        Ages = new int[users];
        for (var i = 0; i < users; i++) (Updated[i], Ages[i]) = (random.Next(users) + 1, random.Next(100));
    }

    public int Users { get; }

    public int[] Followers { get; }

    public int[] Followees { get; }

    /// <summary>Keys of the users that the updates change, in order; a user may come again.</summary>
    public int[] Updated { get; }

    /// <summary>What each update sets.</summary>
    public int[] Ages { get; }

    /// <summary>The columns beside the key, as the insert writes them; <see cref="SourceTables"/> says the same in SQL.</summary>
    public static (string Name, string Email, int Age, string City) User(int id) => ($"user-{id}", $"user{id}@example.org", id % 90, $"city-{id % 500}");

    /// <summary>The sum of all ages once every update is applied in order.</summary>
    public long FinalAges()
    {
        var ages = new int[Users + 1];
        for (var id = 1; id <= Users; id++) ages[id] = User(id).Age;
        for (var i = 0; i < Users; i++) ages[Updated[i]] = Ages[i];
        return ages.Sum(a => (long)a);
    }
}
