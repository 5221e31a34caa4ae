"""Still pictures: where links lie on a sheet, and the poster that Pillow draws of them. No session, no request."""
