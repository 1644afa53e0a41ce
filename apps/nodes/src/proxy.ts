import { type RunningProxy, startProxy } from '@millrace/test-programs'

export type ProxyName = keyof typeof configurations

// Each gives a new stream to the server with the fewest.
const configurations = {
  nginx: (port: number, servers: readonly number[]) => `
worker_processes 1;
worker_rlimit_nofile 4096;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  upstream events {
    least_conn;
    # Never left out: nginx takes a server back only when an answer of it has ended, and a stream does not end.
${servers.map((server) => `    server 127.0.0.1:${server} max_fails=0;`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    location /events {
      proxy_pass http://events;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_read_timeout 60s;
      proxy_next_upstream error timeout http_503 non_idempotent;
    }
  }
}
`,
  haproxy: (port: number, servers: readonly number[]) => `
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  option http-no-delay
  option redispatch
  retries 2
frontend public
  bind 127.0.0.1:${port}
  default_backend events
backend events
  balance leastconn
  option httpchk GET /ready
${servers.map((server, index) => `  server node${index} 127.0.0.1:${server} check inter 500ms fall 1 rise 1`).join('\n')}
`,
}

/** Starts a proxy before several servers. @param servers their ports */
export function balance(name: ProxyName, servers: readonly number[]): Promise<RunningProxy> {
  return startProxy(name, (port) => configurations[name](port, servers))
}
