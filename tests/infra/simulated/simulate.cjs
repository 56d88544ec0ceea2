// Answers requests by policies: JSON on stdin, a JSON list of answers on stdout, in order.
//
// {policies: [document], requests: [{principal, action, resource, account, context,
//   identity: [index of a policy], resourcePolicy: index or null}]}
//
// An answer is "Allowed", "ImplicitlyDenied" or "ExplicitlyDenied". What the simulator does not
// understand, a key of the context it leaves out too, is an error: it would judge another request.
const { runSimulation } = require("@cloud-copilot/iam-simulate");

async function answer({ principal, action, resource, account, context, ...from }, policies) {
  const found = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: from.identity.map((index) => ({ name: `${index}`, policy: policies[index] })),
      resourcePolicy: from.resourcePolicy === null ? undefined : policies[from.resourcePolicy],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: "Strict" },
  );
  if (found.resultType === "error") return `error: ${JSON.stringify(found.errors)}`;
  const results = found.resultType === "single" ? [found.result] : found.results;
  const ignored = results.flatMap((result) => result.ignoredContextKeys ?? []);
  return ignored.length ? `error: ignored ${ignored}` : found.overallResult;
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
