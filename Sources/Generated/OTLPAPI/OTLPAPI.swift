// The code of this module is generated from the documents linked beside this file; see codegen.yaml.
