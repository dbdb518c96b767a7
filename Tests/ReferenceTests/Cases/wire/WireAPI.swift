// The code of this module is generated from the document beside this file.
