// Services and messages from a file with a FileDescriptorSet.
'use strict';

const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');
const descriptor = require('protobufjs/ext/descriptor');

const options = { keepCase: true, longs: Number, enums: Number, defaults: true, oneofs: true };

// Clients and services by their full names.
exports.load = (file) => grpc.loadPackageDefinition(loader.loadFileDescriptorSetFromBuffer(fs.readFileSync(file), options));

// A message type by its full name, such as google.rpc.Status.
exports.type = (file, name) =>
  protobuf.Root.fromDescriptor(descriptor.FileDescriptorSet.decode(fs.readFileSync(file))).lookupType(name);
