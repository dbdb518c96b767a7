"""What holds for every rendering, whatever the values: each policy gives what is wrong, as text."""

import re

from chart import containers, name, pods, selects

every = {}


def policy(function):
    every[function.__name__] = function
    return function


def violations(objects, values):
    """Everything that is wrong, each with the policy's name."""
    return [f"{title}: {fault}" for title, check in every.items() for fault in check(objects, values)]


def of_kind(objects, *kinds):
    return [item for item in objects if item["kind"] in kinds]


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@policy
def no_literal_secrets(objects, values):
    """A secret stands in a Secret and nowhere else: not in a variable, an argument, a ConfigMap, an annotation."""
    literals = [secret["value"] for secret in values["secrets"].values() if len(secret["value"]) >= 8]
    for item in objects:
        if item["kind"] == "Secret":
            continue
        for text in strings(item):
            if re.search(r"://[^/@\s$]*:[^/@\s$(]+@", text) or any(literal in text for literal in literals):
                yield f"{name(item)} holds a password: {text[:60]}"
    for item, _, spec in pods(objects):
        for container in containers(spec):
            for variable in container.get("env", []):
                if re.search(r"(PASSWORD|SECRET|TOKEN|API_KEY|DATABASE_URL|REDIS_URL)$", variable["name"]) and variable.get("value"):
                    yield f"{name(item)}: {variable['name']} is a literal"


@policy
def images_are_named(objects, values):
    """By a tag other than latest, or by a digest."""
    for item, _, spec in pods(objects):
        for container in containers(spec):
            image = container["image"]
            tag = image.rsplit("/", 1)[-1].partition(":")[2]
            if "@sha256:" not in image and tag in ("", "latest"):
                yield f"{name(item)}: image {image}"


@policy
def resources_are_limited(objects, values):
    for item, _, spec in pods(objects):
        for container in containers(spec):
            for side in ("requests", "limits"):
                for resource in ("cpu", "memory", "ephemeral-storage"):
                    if not container.get("resources", {}).get(side, {}).get(resource):
                        yield f"{name(item)}: {container['name']} has no {side} of {resource}"
        for volume in spec.get("volumes", []):
            if "emptyDir" in volume and not (volume["emptyDir"] or {}).get("sizeLimit"):
                yield f"{name(item)}: volume {volume['name']} may grow without a limit"


@policy
def pod_security_is_restricted(objects, values):
    """The profile `restricted` of the Pod Security Standards, and a root file system that cannot be written."""
    allowed = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
    for item, _, spec in pods(objects):
        for field in ("hostNetwork", "hostPID", "hostIPC"):
            if spec.get(field):
                yield f"{name(item)}: {field}"
        of_pod = spec.get("securityContext", {})
        if not of_pod.get("runAsNonRoot") or of_pod.get("runAsUser", 0) == 0:
            yield f"{name(item)} may run as root"
        if of_pod.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name(item)} has no seccomp profile"
        for volume in spec.get("volumes", []):
            if not (set(volume) - {"name"}) <= allowed:
                yield f"{name(item)}: volume {volume['name']} of a kind that is not allowed"
        for container in containers(spec):
            security = container.get("securityContext", {})
            wanted = {"allowPrivilegeEscalation": False, "privileged": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True}
            for field, value in wanted.items():
                if security.get(field) is not value:
                    yield f"{name(item)}: {container['name']}: {field} is not {value}"
            if security.get("capabilities") != {"drop": ["ALL"]}:
                yield f"{name(item)}: {container['name']} keeps capabilities"
            if security.get("runAsUser") == 0:
                yield f"{name(item)}: {container['name']} runs as root"
            for port in container.get("ports", []):
                if port.get("hostPort"):
                    yield f"{name(item)}: {container['name']} takes a port of the node"


@policy
def accounts_have_no_tokens(objects, values):
    accounts = {item["metadata"]["name"]: item for item in of_kind(objects, "ServiceAccount")}
    for item in accounts.values():
        if item.get("automountServiceAccountToken") is not False:
            yield f"{name(item)} mounts its token"
    for item, _, spec in pods(objects):
        if spec.get("serviceAccountName") not in accounts:
            yield f"{name(item)} has no account of its own"
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{name(item)} mounts a token"
        if spec.get("enableServiceLinks") is not False:
            yield f"{name(item)}: variables of Services (CODELAB_GATEWAY_PORT=tcp://…) would be taken for settings"


def policies_of(objects, labels):
    return [item["spec"] for item in of_kind(objects, "NetworkPolicy") if selects(item["spec"]["podSelector"], labels)]


@policy
def every_pod_has_network_policies(objects, values):
    """Denied by default both ways, and a policy of its own."""
    if not values["networkPolicy"]["enabled"]:
        return
    for item, metadata, _ in pods(objects):
        found = policies_of(objects, metadata["labels"])
        if not any(not spec.get("ingress") and not spec.get("egress") and set(spec["policyTypes"]) == {"Ingress", "Egress"} for spec in found):
            yield f"{name(item)} is not denied by default"
        if len(found) < 2:
            yield f"{name(item)} has no policy of its own"


def reaches(objects, caller, called, port):
    """Whether the policies let a pod with the labels `caller` connect to one with the labels `called`: both ends have to agree."""

    def allows(rules, side, labels):
        for rule in rules:
            peers = rule.get("to" if side == "egress" else "from", [])
            ports = [entry["port"] for entry in rule.get("ports", [])]
            if port in ports and any(
                "podSelector" in peer and "namespaceSelector" not in peer and selects(peer["podSelector"], labels) for peer in peers
            ):
                return True
        return False

    out = any(allows(spec.get("egress", []), "egress", called) for spec in policies_of(objects, caller))
    into = any(allows(spec.get("ingress", []), "ingress", caller) for spec in policies_of(objects, called))
    return out, into


@policy
def network_policies_allow_what_is_configured(objects, values):
    """Every address that a pod is given in its variables can be reached by it."""
    services = {item["metadata"]["name"]: item["spec"] for item in of_kind(objects, "Service")}
    for service, spec in services.items():
        if not any(selects({"matchLabels": spec["selector"]}, metadata["labels"]) for _, metadata, _ in pods(objects)):
            yield f"Service {service} selects no pod"
    for item, metadata, spec in pods(objects):
        for container in containers(spec):
            for variable in container.get("env", []):
                match = re.fullmatch(r"http://([a-z0-9-]+):(\d+)", str(variable.get("value", "")))
                if not match or variable["name"] == "CODELAB_AUTH_ISSUER":
                    continue
                service, port = match[1], int(match[2])
                if service not in services:
                    yield f"{name(item)}: {variable['name']} names {service}, which is no Service"
                    continue
                if port not in [entry["port"] for entry in services[service]["ports"]]:
                    yield f"{name(item)}: {variable['name']} names port {port}, which {service} does not have"
                if values["networkPolicy"]["enabled"]:
                    out, into = reaches(objects, metadata["labels"], services[service]["selector"], port)
                    if not (out and into):
                        yield f"{name(item)} may not reach {service}:{port}, which {variable['name']} names"


@policy
def network_policies_agree(objects, values):
    """What one end allows, the other allows too."""
    labels = {}
    for _, metadata, _ in pods(objects):
        labels[metadata["labels"]["app.kubernetes.io/component"]] = metadata["labels"]
    for item in of_kind(objects, "NetworkPolicy"):
        for side, other in (("egress", "ingress"), ("ingress", "egress")):
            for rule in item["spec"].get(side, []):
                for peer in rule.get("to" if side == "egress" else "from", []):
                    if "namespaceSelector" in peer or "podSelector" not in peer:
                        continue
                    ends = [found for found in labels.values() if selects(peer["podSelector"], found)]
                    own = [found for found in labels.values() if selects(item["spec"]["podSelector"], found)]
                    if "cnpg.io/cluster" in str(peer) or "cnpg.io/cluster" in str(item["spec"]["podSelector"]):
                        continue
                    if not ends:
                        yield f"{name(item)}: a rule of {side} selects no pod"
                    for end in ends:
                        for mine in own:
                            caller, called = (mine, end) if side == "egress" else (end, mine)
                            for entry in rule["ports"]:
                                if not all(reaches(objects, caller, called, entry["port"])):
                                    yield f"{name(item)}: {side} at {entry['port']} has no {other} at the other end"


@policy
def probes_mean_different_things(objects, values):
    """Three probes each; readiness is not what a pod is killed for."""

    def handler(probe):
        return {key: value for key, value in probe.items() if key in ("httpGet", "tcpSocket", "exec", "grpc")}

    for item, _, spec in pods(objects):
        if item["kind"] not in ("Deployment", "StatefulSet"):
            continue
        for container in containers(spec):
            probes = [container.get(f"{kind}Probe") for kind in ("startup", "liveness", "readiness")]
            if not all(probes):
                yield f"{name(item)}: {container['name']} lacks a probe"
            elif handler(probes[1]) == handler(probes[2]):
                yield f"{name(item)}: {container['name']}: liveness asks what readiness asks"
            ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
            for probe in filter(None, probes):
                for kind in ("httpGet", "tcpSocket"):
                    if kind in probe and probe[kind]["port"] not in ports:
                        yield f"{name(item)}: a probe names port {probe[kind]['port']}, which {container['name']} does not have"


@policy
def what_is_named_is_there(objects, values):
    """Secrets, ConfigMaps, claims and classes that pods name are made by the release, or are named in the values."""
    made = {kind: {item["metadata"]["name"] for item in of_kind(objects, kind)} for kind in ("ConfigMap", "PersistentVolumeClaim", "PriorityClass")}
    made["Secret"] = {item["metadata"]["name"] for item in of_kind(objects, "Secret")}
    made["Secret"] |= {item["spec"]["target"]["name"] for item in of_kind(objects, "ExternalSecret")}
    made["Secret"] |= {secret["existingSecret"] for secret in values["secrets"].values()}
    made["Secret"] |= {
        values["redis"]["external"]["caSecret"],
        values["database"]["external"]["caSecret"],
        *(secret["name"] for secret in values["image"]["pullSecrets"]),
    }
    made["PersistentVolumeClaim"].add(values["backup"]["existingClaim"])
    for item, metadata, spec in pods(objects):
        own = values["workloads"][metadata["labels"]["app.kubernetes.io/component"]]
        named = [("Secret", entry["name"]) for entry in spec.get("imagePullSecrets", [])]
        if spec.get("priorityClassName") and spec["priorityClassName"] != own["priorityClassName"]:
            named.append(("PriorityClass", spec["priorityClassName"]))
        for volume in spec.get("volumes", []):
            if volume in own["extraVolumes"]:
                continue
            if "secret" in volume:
                named.append(("Secret", volume["secret"]["secretName"]))
            if "configMap" in volume:
                named.append(("ConfigMap", volume["configMap"]["name"]))
            if "persistentVolumeClaim" in volume:
                named.append(("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]))
            for source in volume.get("projected", {}).get("sources", []):
                named.append(("Secret", source["secret"]["name"]))
        claims = {claim["metadata"]["name"] for claim in item["spec"].get("volumeClaimTemplates", [])}
        volumes = {volume["name"] for volume in spec.get("volumes", [])} | claims
        for container in containers(spec):
            for variable in container.get("env", []):
                reference = variable.get("valueFrom", {}).get("secretKeyRef")
                if reference and variable not in own["extraEnv"]:
                    named.append(("Secret", reference["name"]))
            for mount in container.get("volumeMounts", []):
                if mount["name"] not in volumes and mount not in own["extraVolumeMounts"]:
                    yield f"{name(item)}: {mount['mountPath']} is a mount of no volume"
        for kind, wanted in named:
            if wanted not in made[kind]:
                yield f"{name(item)} names {kind} {wanted}, which nothing makes"


@policy
def keys_of_secrets_are_there(objects, values):
    """A file of a Secret that the release makes is one of its keys, and every _FILE variable names a file that is mounted."""
    secrets = {item["metadata"]["name"]: item["data"] for item in of_kind(objects, "Secret")}
    for item, _, spec in pods(objects):
        files = set()
        for volume in spec.get("volumes", []):
            for source in volume.get("projected", {}).get("sources", []):
                secret = source["secret"]
                for entry in secret["items"]:
                    files.add(f"/run/secrets/codelab/{entry['path']}")
                    if secret["name"] in secrets and entry["key"] not in secrets[secret["name"]]:
                        yield f"{name(item)}: Secret {secret['name']} has no key {entry['key']}"
        for container in containers(spec):
            for variable in container.get("env", []):
                if variable["name"].endswith("_FILE") and variable.get("value", "").startswith("/run/secrets/") and variable["value"] not in files:
                    yield f"{name(item)}: {variable['name']} names {variable['value']}, which is not mounted"


@policy
def generated_secrets_are_kept(objects, values):
    for item in of_kind(objects, "Secret"):
        if item["metadata"].get("annotations", {}).get("helm.sh/resource-policy") != "keep":
            yield f"{name(item)} goes with the release"


@policy
def updates_take_nothing_away(objects, values):
    """A new pod is ready before an old one goes, and an old one is told to stop after proxies forgot it."""
    for item in of_kind(objects, "Deployment"):
        spec = item["spec"]["template"]["spec"]
        strategy = item["spec"]["strategy"]
        has_file = any("persistentVolumeClaim" in volume for volume in spec["volumes"])
        if has_file and (strategy["type"] != "Recreate" or item["spec"].get("replicas", 2) > 1):
            yield f"{name(item)}: two pods could use one file"
        if not has_file and strategy.get("rollingUpdate", {}).get("maxUnavailable") != 0:
            yield f"{name(item)} may be unavailable during an update"
        for container in containers(spec):
            pause = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            if pause < 1 or spec["terminationGracePeriodSeconds"] <= pause + 20:
                yield f"{name(item)} has no time to stop"


@policy
def several_replicas_are_spread_and_guarded(objects, values):
    budgets = of_kind(objects, "PodDisruptionBudget")
    scalers = {item["spec"]["scaleTargetRef"]["name"] for item in of_kind(objects, "HorizontalPodAutoscaler")}
    if values["restore"]["from"]:
        # Nothing runs that could write.
        for item in of_kind(objects, "Deployment", "HorizontalPodAutoscaler"):
            if item["spec"].get("replicas") != 0:
                yield f"{name(item)} runs during a restore"
        return
    for item in of_kind(objects, "Deployment"):
        labels = item["spec"]["template"]["metadata"]["labels"]
        workload = values["workloads"][labels["app.kubernetes.io/component"]]
        scaled = item["metadata"]["name"] in scalers
        if scaled and "replicas" in item["spec"]:
            yield f"{name(item)}: an upgrade would undo what the autoscaler did"
        if not scaled and item["spec"].get("replicas", 0) < 1:
            yield f"{name(item)} has no replicas"
        if scaled or item["spec"]["replicas"] > 1:
            if not any(selects(budget["spec"]["selector"], labels) for budget in budgets):
                yield f"{name(item)} has no PodDisruptionBudget"
            if workload["antiAffinity"] != "none" and "affinity" not in item["spec"]["template"]["spec"]:
                yield f"{name(item)} may have all its pods on one node"
            if workload["zoneSkew"] and "topologySpreadConstraints" not in item["spec"]["template"]["spec"]:
                yield f"{name(item)} may have all its pods in one zone"


@policy
def objects_are_named_once(objects, values):
    seen = set()
    for item in objects:
        if item["kind"] != "PriorityClass" and not item["metadata"].get("namespace"):
            yield f"{name(item)} has no namespace"
        if len(item["metadata"]["name"]) > 63:
            yield f"{name(item)} has a name that is too long"
        key = (item["apiVersion"], item["kind"], item["metadata"]["name"])
        if key in seen:
            yield f"{name(item)} is there twice"
        seen.add(key)


@policy
def routes_lead_to_services(objects, values):
    services = {
        item["metadata"]["name"]: {entry["port"] for entry in item["spec"]["ports"]} | {entry["name"] for entry in item["spec"]["ports"]}
        for item in of_kind(objects, "Service")
    }
    backends = []
    for item in of_kind(objects, "Ingress"):
        for rule in item["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                backends.append((item, service["name"], service["port"].get("name", service["port"].get("number"))))
    for item in of_kind(objects, "HTTPRoute"):
        for rule in item["spec"]["rules"]:
            backends += [(item, backend["name"], backend["port"]) for backend in rule["backendRefs"]]
    for item, service, port in backends:
        if port not in services.get(service, set()):
            yield f"{name(item)} leads to {service}:{port}, which is not there"
    if backends and values["networkPolicy"]["enabled"]:
        for service in {service for _, service, _ in backends if service in services}:
            spec = next(item["spec"] for item in of_kind(objects, "Service") if item["metadata"]["name"] == service)
            peers = [peer for policy in policies_of(objects, spec["selector"]) for rule in policy.get("ingress", []) for peer in rule["from"]]
            if not all(peer in peers for peer in values["networkPolicy"]["ingressFrom"]):
                yield f"the ingress controller may not reach {service}"
