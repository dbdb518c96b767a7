// The code of this module is generated from openapi.yaml: schemas of every shape.
