// The code is generated from openapi.yaml when the package is built.
