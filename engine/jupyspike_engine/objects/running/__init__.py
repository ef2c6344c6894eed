"""Networks and their runs: put together, laid out in memory, advanced, steered, kept, and written as programs."""
