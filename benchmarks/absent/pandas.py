"""Found before the real one where functions are measured: they are deployed without it, and pyarrow would
load it wherever it finds it."""

raise ImportError("expected to be measured without pandas, as functions are deployed")
