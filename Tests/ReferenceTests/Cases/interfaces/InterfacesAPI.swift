// What surrounds operations: the code is generated from openapi.yaml beside this file.
