using BenchmarkDotNet.Running;
using PolyglotSync.Bench.Micro;
using PolyglotSync.Bench.Micro.Orders;
using PolyglotSync.Bench.Micro.Stages;

// `./polysync bench micro [filter]`: the stages of a change's way whose class or method holds the word, all without one.
// `./polysync bench micro orders`: whole cuts beside rows in order key by key, on a Neo4j of its own.
if (args is ["orders"]) return await OrderBench.RunAsync();
var filter = args.Length > 0 ? args[0] : "";
Type[] stages = [typeof(Decoding), typeof(Copying), typeof(Routing), typeof(Coalescing), typeof(Draining), typeof(Writing), typeof(Sending), typeof(Enveloping)];
var summaries = BenchmarkSwitcher.FromTypes(stages).Run(["--filter", $"*{filter}*"], MicroConfig.Create()).ToList();
return StageTable.Print(Console.Out, summaries) ? 0 : 1;
