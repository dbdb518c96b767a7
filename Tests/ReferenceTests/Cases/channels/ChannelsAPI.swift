// The code of this module is generated from the documents beside this file.
