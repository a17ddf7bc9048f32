using Akka.Configuration;

namespace StandIns.Tests.Core;

public sealed class HoconSpecs
{
    private static Config Parse(string text) => ConfigurationFactory.ParseString(text);

    [Fact]
    public void Objects_and_dotted_keys_are_the_same()
    {
        var config = Parse("""
            # a comment
            a.b.c = 1  // and another
            a { b { d : two } e = [1, 2, 3], f { }
            }
            "quoted.key" = "x # no comment"
            """);
        config.GetInt("a.b.c").ShouldBe(1);
        config.GetString("a.b.d").ShouldBe("two");
        config.GetIntList("a.e").ShouldBe([1, 2, 3]);
        config.GetString("\"quoted.key\"").ShouldBe("x # no comment");
        config.HasPath("a.b").ShouldBeTrue();
        config.HasPath("a.x").ShouldBeFalse();
    }

    [Fact]
    public void The_later_value_wins_and_objects_merge()
    {
        var config = Parse("a { x = 1, y = 1 }\na { y = 2 }\na.z = 3");
        config.GetInt("a.x").ShouldBe(1);
        config.GetInt("a.y").ShouldBe(2);
        config.GetInt("a.z").ShouldBe(3);
    }

    [Fact]
    public void References_are_resolved()
    {
        var config = Parse("a { b = 5 }\nc = ${a.b}\nd = ${a}\npath = \"x\"/${a.b}");
        config.GetInt("c").ShouldBe(5);
        config.GetInt("d.b").ShouldBe(5);
        config.GetString("path").ShouldBe("x/5");
        Should.Throw<Exception>(() => Parse("a = ${nowhere}"));
    }

    [Theory]
    [InlineData("a { x = 1 }, b = 2")]
    [InlineData("a = 1,, b = 2")]
    [InlineData("url = http://localhost")]
    [InlineData("a = b=c")]
    [InlineData("a = really?")]
    public void What_the_parser_does_not_understand_is_refused(string text) => Should.Throw<Exception>(() => Parse(text));

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("2 s", 2_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("3m", 180_000)]
    [InlineData("1 hours", 3_600_000)]
    [InlineData("17", 17)]
    public void Durations_have_units(string text, int milliseconds) =>
        Parse($"t = {text}").GetTimeSpan("t").ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void An_endless_duration_is_infinite() => Parse("t = infinite").GetTimeSpan("t").ShouldBe(Timeout.InfiniteTimeSpan);

    [Theory]
    [InlineData("512", 512L)]
    [InlineData("2kB", 2_000L)]
    [InlineData("4KiB", 4_096L)]
    [InlineData("1MiB", 1_048_576L)]
    [InlineData("3MB", 3_000_000L)]
    public void Sizes_have_units(string text, long bytes) => Parse($"s = {text}").GetByteSize("s").ShouldBe(bytes);

    [Fact]
    public void Words_and_numbers_are_read_as_asked()
    {
        var config = Parse("yes = on, no = false, text = two words, pi = 3.25, long = 5000000000, raw = \"\"\"a \"b\" c\"\"\"");
        config.GetBoolean("yes").ShouldBeTrue();
        config.GetBoolean("no").ShouldBeFalse();
        config.GetString("text").ShouldBe("two words");
        config.GetDouble("pi").ShouldBe(3.25);
        config.GetLong("long").ShouldBe(5_000_000_000);
        config.GetString("raw").ShouldBe("a \"b\" c");
        config.GetString("none", "fallback").ShouldBe("fallback");
        config.GetInt("none", 7).ShouldBe(7);
    }

    [Fact]
    public void A_fallback_answers_where_the_first_is_silent()
    {
        var config = Parse("a { x = 1 }").WithFallback(Parse("a { x = 2, y = 3 }\nb = 4"));
        config.GetInt("a.x").ShouldBe(1);
        config.GetInt("a.y").ShouldBe(3);
        config.GetConfig("a").GetInt("y").ShouldBe(3);
        config.GetInt("b").ShouldBe(4);
        Config.Empty.IsEmpty.ShouldBeTrue();
        Parse("").WithFallback(config).GetInt("b").ShouldBe(4);
    }

    [Fact]
    public void Lists_of_strings_may_span_lines()
    {
        Parse("l = [\n  one\n  \"two three\"\n]").GetStringList("l").ShouldBe(["one", "two three"]);
        Parse("l = []").GetStringList("l").ShouldBeEmpty();
    }
}
