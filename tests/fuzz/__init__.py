"""Reading under any bytes: what the fuzzer does, and what it once found."""
