# What `wrangler` makes of a project's settings, for workerd itself.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = "workers.js", esModule = embed "workers.js")],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "Shop", uniqueKey = "shop")],
  durableObjectStorage = (inMemory = void),
  bindings = [(name = "SHOP", durableObjectNamespace = "Shop")],
);
