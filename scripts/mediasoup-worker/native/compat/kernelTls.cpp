// Keeps the worker alive at its first DTLS handshake, where OpenSSL was built with kernel TLS, as Debian's is.
//
// Such an OpenSSL asks the BIO that a connection writes to whether the kernel encrypts (BIO_CTRL_GET_KTLS_SEND); on "yes"
// it allocates no buffer for records. mediasoup's callback on that BIO answers 1 to every control that has finished, this
// one too, and so the handshake writes through a null pointer. The OpenSSL that upstream bundles has no kernel TLS and
// never asks.
//
// The linker (--wrap=BIO_set_callback_ex) sends mediasoup's registration here. The callback that is registered instead
// says "no" to the two questions about kernel TLS, and hands everything else to mediasoup's.
#include <openssl/bio.h>

extern "C" void __real_BIO_set_callback_ex(BIO* bio, BIO_callback_fn_ex callback);

namespace
{
	// There is one callback in all of mediasoup.
	BIO_callback_fn_ex theirs{ nullptr };

	long withoutKernelTls(
	  BIO* bio, int operation, const char* data, size_t length, int command, long argument, int result, size_t* processed)
	{
		const bool finished = operation == (BIO_CB_CTRL | BIO_CB_RETURN);
		if (finished && (command == BIO_CTRL_GET_KTLS_SEND || command == BIO_CTRL_GET_KTLS_RECV))
		{
			return 0;
		}
		return theirs(bio, operation, data, length, command, argument, result, processed);
	}
} // namespace

extern "C" void __wrap_BIO_set_callback_ex(BIO* bio, BIO_callback_fn_ex callback)
{
	theirs = callback;
	__real_BIO_set_callback_ex(bio, callback ? withoutKernelTls : nullptr);
}
