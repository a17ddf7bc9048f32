namespace PolyglotSync.SyncNode.Load.Choosing;

/// <summary>
/// Draws ranks of which the k-th is as likely as 1 / k^exponent, by rejection-inversion (W. Hörmann, G. Derflinger: "Rejection-inversion to generate variates from monotone
/// discrete distributions", ACM TOMACS 6(3), 1996): no table, so that the number of ranks may be another one at each draw. The published generators of YCSB draw so with 0.99.
/// </summary>
/// <param name="exponent">0: all alike. 0 to 5.</param>
internal readonly struct Zipf(double exponent)
{
    /// <summary>Below this the series is better than the difference of two near numbers.</summary>
    private const double Small = 1e-8;

    /// <param name="count">Ranks there are, 1 or more.</param>
    /// <returns>0 for the most likely to <paramref name="count"/> - 1.</returns>
    public int Draw(Random random, int count)
    {
        if (exponent == 0 || count == 1) return random.Next(count);
        var first = Integral(1.5) - 1;
        var last = Integral(count + 0.5);
        var accepted = 2 - Inverse(Integral(2.5) - Density(2));
        while (true)
        {
            var area = last + (random.NextDouble() * (first - last));
            var x = Inverse(area);
            var rank = Math.Clamp((int)Math.Round(x), 1, count);
            if (rank - x <= accepted || area >= Integral(rank + 0.5) - Density(rank)) return rank - 1;
        }
    }

    private double Density(double x) => Math.Exp(-exponent * Math.Log(x));

    /// <summary>The density's integral from 1: (x^(1-exponent) - 1) / (1-exponent), or log x where the exponent is 1.</summary>
    private double Integral(double x)
    {
        var log = Math.Log(x);
        var t = (1 - exponent) * log;
        return log * (Math.Abs(t) > Small ? (Math.Exp(t) - 1) / t : 1 + (t / 2));
    }

    private double Inverse(double area)
    {
        var t = Math.Max(-1, area * (1 - exponent));
        return Math.Exp(area * (Math.Abs(t) > Small ? Math.Log(1 + t) / t : 1 - (t / 2)));
    }
}
