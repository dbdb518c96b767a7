// Schemas as codegen.yaml beside this file has them: the code is generated from openapi.yaml.
