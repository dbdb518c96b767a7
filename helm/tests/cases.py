"""What the chart is rendered with: every values file, and a matrix of switches."""

# The profiles: a values file, or what it is laid over first.
profiles = {
    "values.yaml": ("values.yaml",),
    "dev": ("values-dev.yaml",),
    "stage": ("values-stage.yaml",),
    "prod": ("values-prod.yaml",),
    "prod-cnpg": ("values-prod.yaml", "values-prod-cnpg.yaml"),
}

services = ["gateway", "auth-service", "agent-runtime", "llm-proxy", "website"]
workloads = [*services, "redis", "postgres", "migrate", "backup", "restore", "key-rotation", "turn-test"]


def every(settings, names=workloads):
    return {name: settings for name in names}


external_redis = {"mode": "external", "external": {"cidrs": ["10.1.0.0/16"], "ports": [6379], "caSecret": "redis-ca"}}
store = {"enabled": True, "store": {"name": "vault"}}
scaled = {"autoscaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 4}}

# name → (files, values).
matrix = {
    **{name: (files, {}) for name, files in profiles.items()},
    "sqlite, no Redis": ((), {"database": {"mode": "sqlite"}, "redis": {"mode": "none"}}),
    "sqlite, Redis": ((), {"database": {"mode": "sqlite", "storageClass": "fast"}}),
    "external database by a literal": (
        (),
        {
            "database": {"mode": "external", "external": {"cidrs": ["192.0.2.7/32"], "port": 6432, "caSecret": "database-ca"}},
            "backup": {"enabled": True},
            "secrets": {"authDatabase": {"value": "postgres://a:b@db/auth_db"}, "runtimeDatabase": {"value": "postgres://a:b@db/agent_runtime"}},
        },
    ),
    "cnpg in development": ((), {"database": {"mode": "cnpg", "storageClass": "fast"}, "workloads": {"postgres": {"antiAffinity": "hard"}}}),
    "Redis with TLS": ((), {"redis": external_redis, "secrets": {"redis": {"existingSecret": "redis-url"}}}),
    "Sentinel": (
        (),
        {
            "redis": {"mode": "sentinel", "external": {"cidrs": ["10.1.0.0/16"], "ports": [26379, 6379]}},
            "secrets": {"redis": {"existingSecret": "redis-url"}},
        },
    ),
    "literal secrets": (
        (),
        {
            "llm": {"provider": "openai", "baseURL": "https://llm.example.com/v1", "models": ["a", "b"]},
            "secrets": {
                **{
                    key: {"value": "a literal / of @ 20+ chars".replace(" ", "_")}
                    for key in ("internal", "administrator", "llm", "authDatabase", "runtimeDatabase", "postgres", "redis", "collector")
                }
            },
            "monitoring": {"traces": {"endpoint": "http://collector.monitoring:4318"}},
        },
    ),
    "traces in production": (
        ("values-prod.yaml",),
        {
            "monitoring": {
                "traces": {
                    "endpoint": "https://collector.example.com:443",
                    "ratio": 0.1,
                    "to": [{"ipBlock": {"cidr": "10.2.0.0/16"}}],
                    "ports": [443],
                }
            },
            "secrets": {"collector": {"existingSecret": "collector"}},
        },
    ),
    "external secrets": ((), {"externalSecrets": store, "llm": {"provider": "openai", "baseURL": "https://llm.example.com/v1", "models": ["a"]}}),
    "production with external secrets": (
        ("values-prod.yaml",),
        {
            "externalSecrets": store,
            "secrets": {key: {"existingSecret": ""} for key in ("internal", "administrator", "llm", "authDatabase", "runtimeDatabase", "redis")},
        },
    ),
    "autoscaling": ((), {"workloads": every(scaled, services)}),
    "a provider without a key": (
        (),
        {
            "llm": {"provider": "openai", "baseURL": "http://ollama.models:11434/v1", "models": ["llama"]},
            "networkPolicy": {"providers": {"ports": [11434]}},
        },
    ),
    "other limits": ((), {"limits": {"gateway": {"calls": 0, "messages": 6000}, "llm": {"completions": 60}, "auth": {"attempts": 3}}}),
    "rotation of keys": (("values-prod.yaml", "values-prod-cnpg.yaml"), {"keys": {"rotation": {"olderThan": 30}}}),
    "a scenario": ((), {"llm": {"scenario": "version: 1\nmodels: [scripted]\ndefault:\n  text: Hello\n"}}),
    "Gateway API": ((), {"httpRoute": {"enabled": True, "parentRefs": [{"name": "public", "namespace": "gateways"}]}}),
    "a website without Redis": ((), {"website": {"enabled": True}, "redis": {"mode": "none"}, "workloads": {"website": {"replicas": 2}}}),
    "a website in production": (
        ("values-prod.yaml",),
        {"website": {"enabled": True}, "httpRoute": {"enabled": True, "parentRefs": [{"name": "public"}]}},
    ),
    "ingress without TLS": ((), {"ingress": {"enabled": True, "annotations": {"nginx.ingress.kubernetes.io/proxy-read-timeout": "60"}}}),
    "backup and restore": ((), {"backup": {"enabled": True}, "restore": {"from": "latest"}}),
    "a restore in production": (("values-prod.yaml",), {"restore": {"from": "latest"}}),
    "backups of sqlite": ((), {"database": {"mode": "sqlite"}, "backup": {"enabled": True}}),
    "backup and restore of sqlite": ((), {"database": {"mode": "sqlite"}, "backup": {"enabled": True}, "restore": {"from": "latest"}}),
    "a claim of one's own": ((), {"backup": {"existingClaim": "dumps"}, "restore": {"from": "2026-11-25T021700Z"}}),
    "no network policies": ((), {"networkPolicy": {"enabled": False}}),
    "no migrations": (("values-prod.yaml",), {"migrations": {"enabled": False}}),
    "digests": (
        (),
        {
            "image": {"registry": "registry.example.com:5000", "digest": "sha256:" + "1" * 64, "pullSecrets": [{"name": "registry"}]},
            "database": {"image": {"digest": "sha256:" + "2" * 64}},
            "redis": {"image": {"digest": "sha256:" + "3" * 64}},
        },
    ),
    "everything of one's own": (
        ("values-stage.yaml",),
        {
            "commonLabels": {"team": "platform"},
            "restore": {"from": "latest"},
            "keys": {"rotation": {"schedule": "47 1 * * 0", "timeZone": "Europe/Berlin", "olderThan": 30, "signsAfter": 86400}},
            "workloads": every(
                {
                    "extraEnv": [{"name": "CODELAB_LOG_LEVEL", "value": "trace"}, {"name": "EXTRA", "value": "1"}],
                    "extraVolumes": [{"name": "own", "emptyDir": {"sizeLimit": "1Mi"}}],
                    "extraVolumeMounts": [{"name": "own", "mountPath": "/own"}],
                    "podAnnotations": {"example.com/note": "yes"},
                    "podLabels": {"example.com/tier": "one"},
                    "nodeSelector": {"disk": "ssd"},
                    "tolerations": [{"key": "dedicated", "operator": "Exists"}],
                    "priorityClassName": "important",
                }
            ),
        },
    ),
    "insisting on nodes": ((), {"workloads": every({"antiAffinity": "hard", "zoneSkew": 0}, services), "priorityClass": {"create": True}}),
    "an affinity of one's own": (
        (),
        {
            "workloads": every(
                {
                    "affinity": {
                        "nodeAffinity": {
                            "requiredDuringSchedulingIgnoredDuringExecution": {
                                "nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}]
                            }
                        }
                    }
                }
            )
        },
    ),
    "other ports": (
        ("values-stage.yaml",),
        {
            "topology": {
                "gateway": {"port": 9000},
                "auth-service": {"port": 9003},
                "agent-runtime": {"port": 9001},
                "llm-proxy": {"port": 9002},
                "website": {"port": 9080},
                "redis": {"port": 6380},
                "postgres": {"port": 5433},
            },
            "httpRoute": {"enabled": True, "parentRefs": [{"name": "public"}]},
        },
    ),
    "another name": ((), {"fullnameOverride": "lab"}),
}

# What is refused: values (over a profile) → a part of the reason.
production = ("values-prod.yaml",)
refused = {
    "sqlite with two replicas": ((), {"database": {"mode": "sqlite"}, "workloads": {"auth-service": {"replicas": 2}}}, "one replica only"),
    "sqlite with autoscaling": ((), {"database": {"mode": "sqlite"}, "workloads": {"agent-runtime": scaled}}, "one replica only"),
    "several replicas without Redis": ((), {"redis": {"mode": "none"}, "workloads": {"gateway": {"replicas": 2}}}, "need Redis"),
    "sqlite in production": (
        production,
        {
            "database": {"mode": "sqlite"},
            "workloads": every({"replicas": 1, "autoscaling": {"enabled": False}}, services),
            "backup": {"enabled": False},
        },
        "for development",
    ),
    "the built-in database in production": (production, {"database": {"mode": "builtin"}}, "for development"),
    "the built-in Redis in production": (production, {"redis": {"mode": "builtin"}}, "for development"),
    "a literal secret in production": (production, {"secrets": {"llm": {"value": "sk-1234"}}}, "no literal secrets"),
    "an issuer by http in production": (production, {"issuer": "http://codelab.example.com"}, "https"),
    "plain http in production": (production, {"ingress": {"tlsSecret": ""}}, "tlsSecret"),
    "an external database without a URL": ((), {"database": {"mode": "external", "external": {"cidrs": ["10.0.0.0/8"]}}}, "needs a URL"),
    "an external database without addresses": (production, {"database": {"external": {"cidrs": []}}}, "cidrs"),
    "an external Redis without a URL": (production, {"secrets": {"redis": {"existingSecret": ""}}}, "needs a URL"),
    "an external Redis without addresses": (production, {"redis": {"external": {"cidrs": []}}}, "cidrs"),
    "a provider without models": ((), {"llm": {"provider": "openai", "baseURL": "https://llm.example.com/v1"}}, "llm.models"),
    "external secrets without a store": ((), {"externalSecrets": {"enabled": True}}, "store.name"),
    "a rotation of keys in a file": ((), {"database": {"mode": "sqlite"}, "keys": {"rotation": {"schedule": "47 1 * * 0"}}}, "keys.rotation"),
    "a restore without a volume": ((), {"restore": {"from": "latest"}}, "needs the volume"),
    "an archive without a place": ((), {"database": {"mode": "cnpg", "cnpg": {"archive": {"enabled": True}}}}, "destinationPath"),
    "a route without a Gateway": ((), {"httpRoute": {"enabled": True}}, "parentRefs"),
    "no time to stop": ((), {"terminationGracePeriodSeconds": 20}, "terminationGracePeriodSeconds"),
    "fewer at most than at least": (
        (),
        {"workloads": {"gateway": {"autoscaling": {"enabled": True, "minReplicas": 5, "maxReplicas": 2}}}},
        "above maxReplicas",
    ),
    # By the schema.
    "an unknown key": ((), {"replicas": 3}, "replicas"),
    "a misspelt key in a workload": ((), {"workloads": {"gateway": {"replica": 3}}}, "replica"),
    "the tag latest": ((), {"image": {"tag": "latest"}}, "tag"),
    "replicas of Redis": ((), {"workloads": {"redis": {"replicas": 2}}}, "replicas"),
    "no replicas": ((), {"workloads": {"gateway": {"replicas": 0}}}, "replicas"),
    "a short internal secret": ((), {"secrets": {"internal": {"value": "short"}}}, "value"),
    "keys that sign before they are known": ((), {"keys": {"rotation": {"signsAfter": 10}}}, "signsAfter"),
    "any number of wrong passwords": ((), {"limits": {"auth": {"attempts": 0}}}, "attempts"),
    "a limit below zero": ((), {"limits": {"gateway": {"calls": -1}}}, "calls"),
    "a mode that there is not": ((), {"database": {"mode": "mysql"}}, "mode"),
}
