"""What every room may use: arrays, packed bits, memory limits, files, exact numbers, checks and words of errors."""
