"""What every room may use: ragged arrays, packed bits, memory limits, files, exact numbers as text."""
