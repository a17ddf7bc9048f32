namespace PolyglotSync.SyncNode.Load.Choosing;

/// <summary>What is done to a row.</summary>
internal enum LoadKind : byte { Insert, Update, Delete, KeyChange }
