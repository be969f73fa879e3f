"""When work is done, in what order, and when it is given up."""
