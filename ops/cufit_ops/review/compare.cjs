// Compares pairs of CloudFormation templates. In: [{old, new, paths}] as JSON on stdin, {} for a
// stack that is not there. Out: for each pair its differences and the CDK CLI's own text of them.
const { readFileSync } = require("node:fs");
const { Writable } = require("node:stream");
const { formatDifferences, fullDiff } = require("@aws-cdk/cloudformation-diff");

const COLUMNS = 120;

function differences(compared) {
  const found = [];
  compared.resources.forEachDifference((id, change) => {
    const properties = Object.entries(change.propertyUpdates).map(([name, property]) => ({
      name,
      old: property.oldValue,
      new: property.newValue,
      impact: property.changeImpact,
    }));
    const kind = change.oldResourceType ?? change.newResourceType;
    found.push({ id, kind, impact: change.changeImpact, properties });
  });
  return found;
}

function text(compared, paths) {
  const said = [];
  const stream = new Writable({
    write(chunk, _, done) {
      said.push(chunk);
      done();
    },
  });
  stream.columns = COLUMNS;
  formatDifferences(stream, compared, paths, 1);
  return Buffer.concat(said).toString().trim();
}

const answers = JSON.parse(readFileSync(0, "utf8")).map((pair) => {
  const compared = fullDiff(pair.old, pair.new);
  return {
    differences: differences(compared),
    broadened: compared.permissionsBroadened,
    text: compared.isEmpty ? "" : text(compared, pair.paths),
  };
});
process.stdout.write(JSON.stringify(answers));
