module io.brokkr.example.passwordfile {
    requires io.brokkr.spi;

    provides io.brokkr.spi.security.AuthenticatorFactory with
            io.brokkr.example.passwordfile.PasswordFile;
    provides io.brokkr.spi.security.PrincipalBuilderFactory with
            io.brokkr.example.passwordfile.ListenerPrincipals;
    provides io.brokkr.spi.CommandLineTool with
            io.brokkr.example.passwordfile.HashPassword;
}
