// Stops with one plain sentence when Node is older than package.json's "engines" asks for.
// It is preloaded (node -r) before anything modern is parsed, so it keeps to syntax that every old Node reads.
/* eslint-disable no-var */
'use strict';

var fs = require('fs');
var path = require('path');

/**
 * What is wrong with this Node, in words, or undefined when nothing is.
 * @param {string} version as in process.version: 'v20.19.0'
 * @param {string} range as in "engines": '>=20.19.0'
 * @returns {string | undefined}
 */
function tooOld(version, range) {
  var have = version.replace(/^v/, '').split('.');
  var need = range.replace(/^>=\s*/, '').split('.');
  for (var i = 0; i < 3; i++) {
    var difference = (parseInt(String(have[i]), 10) || 0) - (parseInt(String(need[i]), 10) || 0);
    if (difference > 0) return undefined;
    if (difference < 0)
      return (
        'Recurra needs Node.js ' +
        need.slice(0, 2).join('.') +
        ' or newer, and this is ' +
        version.replace(/^v/, '') +
        '. Install a newer one (20, 22 or 24), then try again.'
      );
  }
  return undefined;
}

exports.tooOld = tooOld;

var wrong = tooOld(
  process.version,
  JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8')).engines.node,
);
if (wrong) {
  console.error('\n' + wrong + '\n');
  process.exit(1);
}
