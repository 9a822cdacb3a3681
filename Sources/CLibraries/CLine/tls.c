/* Who we are by TLS, and whom a connection that goes out leads to. In: our certificate; the registrar's host, the authorities
   that may vouch for it. Out: connections to anybody else fail. libre's SIP looks at no certificate by itself. */
#define USE_OPENSSL
#include "line.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* Who calls in over the same context needs no certificate; one that is shown is nobody's proof of anything. */
static int on_certificate(int valid, X509_STORE_CTX *store) {
    const SSL *connection = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    return valid || (connection && SSL_is_server(connection));
}

bool is_by_tls(const struct uri *uri) {
    const struct pl name = PL("transport");
    struct pl transport = PL_INIT;
    uri_param_get(&uri->params, &name, &transport);
    return !pl_strcasecmp(&uri->scheme, "sips") || !pl_strcasecmp(&transport, "tls");
}

int tls_verify(struct tls *tls, const struct pl *host, const char *authorities) {
    SSL_CTX *context = tls_openssl_context(tls);
    struct sa address;
    char name[256];
    if (pl_strcpy(host, name, sizeof name)) return EINVAL;
    /* Who vouched before does not any more. */
    X509_STORE *store = X509_STORE_new();
    if (!store) return ENOMEM;
    SSL_CTX_set_cert_store(context, store);
    if (SSL_CTX_load_verify_file(context, authorities) != 1) return ENOENT;
    X509_VERIFY_PARAM *wanted = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int set = sa_set(&address, host, 0) ? X509_VERIFY_PARAM_set1_host(wanted, name, 0)
                                              : X509_VERIFY_PARAM_set1_ip_asc(wanted, name);
    if (set != 1) return EINVAL;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_certificate);
    return 0;
}

/* Another certificate, or the same file anew, for the connections from now on; `host` may be unset. Nothing changes where it fails. */
int tls_change(struct tls *tls, const char *certificate, const struct pl *host, const char *authorities) {
    struct tls *trial = NULL;
    int error = tls_alloc(&trial, TLS_METHOD_SSLV23, certificate, NULL);
    if (!error && pl_isset(host)) error = tls_verify(trial, host, authorities);
    mem_deref(trial);
    if (error) return error;
    SSL_CTX *context = tls_openssl_context(tls);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, certificate, SSL_FILETYPE_PEM) != 1) return EINVAL;
    return pl_isset(host) ? tls_verify(tls, host, authorities) : 0;
}
