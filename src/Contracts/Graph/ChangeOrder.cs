namespace PolyglotSync.Contracts;

/// <summary>The order in which a target is given changes.</summary>
public enum ChangeOrder : byte
{
    /// <summary>
    /// Write sets end at cuts: at their end each foreign key holds. A relationship finds both of its ends, a known insert may be a CREATE, and a delete takes what still leads to the node along.
    /// </summary>
    Whole,

    /// <summary>
    /// Only the changes of one key come in order. Child and parent come in any order, even years apart, so each set leaves the graph that the rows known so far make: a relationship whose end
    /// is not known leads to a placeholder, and a node that goes while relationships lead to it becomes one. Once all changes have come the graph is that of the tables, whatever the order was.
    /// Each operation is taken for one of unknown existence.
    /// </summary>
    PerKey,
}
