using System.Reflection;
using Shouldly;
using Xunit;

namespace PolyglotSync.PublicSurface.Tests;

/// <summary>
/// Source is written against the real packages; a stand-in that offered anything else would let through what does not compile there.
/// </summary>
public class StandInSurfaceTests
{
    private const int ShownAtMost = 60;

    public static TheoryData<string> StandIns() =>
        new(Directory.GetDirectories(Path.Combine(Repository.Root, "standins")).Select(d => Path.GetFileName(d)!).Order());

    [SkippableTheory]
    [MemberData(nameof(StandIns))]
    public void What_a_stand_in_offers_stands_in_the_real_packages_listing(string name)
    {
        var listing = Path.Combine(Repository.Root, "..", "shared", "api", $"{name}.txt");
        Skip.IfNot(File.Exists(listing), $"The listing of {name}'s public API is not at hand ({listing}).");
        var path = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        File.Exists(path).ShouldBeTrue($"{path} should have been built from standins/{name}.");
        var assembly = Assembly.LoadFrom(path);
        Skip.IfNot(Repository.IsOurs(assembly), $"{name} is the real package here, not the stand-in.");

        // First the reflection: it loads the assemblies whose enums and structs the listing's text names.
        var offered = AssemblySurface.Of(assembly).ToList();
        var real = Listing.Parse(File.ReadAllText(listing));
        var foreign = offered.Where(d => !Listing.Offers(real, d)).Select(d => d.ToString()).Order().ToList();
        foreign.ShouldBeEmpty($"{foreign.Count} of {name}'s public signatures are not the real ones:\n{string.Join("\n", foreign.Take(ShownAtMost))}");
    }
}
