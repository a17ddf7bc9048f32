// Holds Kubernetes objects (JSON, an array, on stdin) against Kubernetes' own OpenAPI schemas; prints one line a mistake.
import { pathToFileURL } from "node:url";

const modules = `${process.argv[2]}/node_modules`;
const text = await new Promise(done => { let all = ""; process.stdin.on("data", part => all += part).on("end", () => done(all)); });
for (const object of JSON.parse(text)) {
  const [version, group] = object.apiVersion.split("/").reverse();
  const models = group === "monitoring.coreos.com" ? "@kubernetes-models/prometheus-operator" : "kubernetes-models";
  const { [object.kind]: Model } = await import(pathToFileURL([modules, models, group, version, `${object.kind}.js`].filter(Boolean).join("/")));
  try {
    new Model(object).validate();
  } catch (mistake) {
    console.log(`${object.kind} ${object.metadata?.name}: ${mistake.message}`);
  }
}
