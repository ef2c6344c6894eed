"""From source text to a built program: finding a compiler, compiling, and the cache of programs."""
