"""One file for each thing that is done, by the service or by hand."""
