"""Where articles come from: guarded fetch, sandboxed extraction."""
