// Operations that say as little as OpenAPI 3.1 allows, and less: the code is generated from openapi.yaml beside this file.
