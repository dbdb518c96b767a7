// Who connects, as its document describes it: the code is generated from asyncapi.yaml beside this file.
