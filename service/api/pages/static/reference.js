// The page is at /docs, so the address is that of /openapi.json under any root path.
window.SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  // No other host is asked whether the document is valid.
  validatorUrl: null,
});
