"""The staff API for meetings: one class an operation, one call into the domain."""
