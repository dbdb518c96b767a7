// The names that an interface can have: the code is generated from openapi.yaml beside this file.
