// Answers requests by policies: JSON on stdin, a JSON list of answers on stdout, in order.
//
// {policies: [document], requests: [{principal, action, resource, account, context,
//   identity: [index of a policy], resourcePolicy: index or null}]}
//
// An answer is "Allowed", "ImplicitlyDenied" or "ExplicitlyDenied". What the simulator does not
// understand, a key of the context it leaves out too, is an error: it would judge another request.
const { dirname, join } = require("node:path");

// Finding a resource's type takes nine tenths of the time, three times a request, and requests that
// differ in a statement or in context are about the same resource.
const library = dirname(require.resolve("@cloud-copilot/iam-simulate"));
const types = require(join(library, "simulation_engine/resourceTypes.js"));
const find = types.getResourceTypesForAction;
const found = new Map();
types.getResourceTypesForAction = (...about) => {
  const key = about.join(" ");
  if (!found.has(key)) found.set(key, find(...about));
  return found.get(key);
};

const { runSimulation } = require("@cloud-copilot/iam-simulate");

async function answer({ principal, action, resource, account, context, ...from }, policies) {
  const simulated = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: from.identity.map((index) => ({ name: `${index}`, policy: policies[index] })),
      resourcePolicy: from.resourcePolicy === null ? undefined : policies[from.resourcePolicy],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: "Strict" },
  );
  if (simulated.resultType === "error") return `error: ${JSON.stringify(simulated.errors)}`;
  const results = simulated.resultType === "single" ? [simulated.result] : simulated.results;
  const ignored = results.flatMap((result) => result.ignoredContextKeys ?? []);
  return ignored.length ? `error: ignored ${ignored}` : simulated.overallResult;
}

async function main() {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  const { policies, requests } = JSON.parse(text);
  const answers = [];
  for (const request of requests) answers.push(await answer(request, policies));
  process.stdout.write(JSON.stringify(answers));
}

main();
