#ifndef LATHE_COPENBLAS_SHIM_H
#define LATHE_COPENBLAS_SHIM_H
#include <stddef.h>
#include <cblas.h>

/* LAPACK by its Fortran names: OpenBLAS exports them, Debian ships no header for them beside cblas.h.
   Each CHARACTER argument has a hidden length at the end of the list (gfortran's convention). */
typedef int lapack_size;

void dpotrf_(const char *uplo, const lapack_size *n, double *a, const lapack_size *lda, lapack_size *info, size_t);
void dpotrs_(const char *uplo, const lapack_size *n, const lapack_size *nrhs, const double *a, const lapack_size *lda,
             double *b, const lapack_size *ldb, lapack_size *info, size_t);
void dpotri_(const char *uplo, const lapack_size *n, double *a, const lapack_size *lda, lapack_size *info, size_t);
void dgetrf_(const lapack_size *m, const lapack_size *n, double *a, const lapack_size *lda, lapack_size *ipiv,
             lapack_size *info);
void dgetrs_(const char *trans, const lapack_size *n, const lapack_size *nrhs, const double *a, const lapack_size *lda,
             const lapack_size *ipiv, double *b, const lapack_size *ldb, lapack_size *info, size_t);
void dsyevd_(const char *jobz, const char *uplo, const lapack_size *n, double *a, const lapack_size *lda, double *w,
             double *work, const lapack_size *lwork, lapack_size *iwork, const lapack_size *liwork, lapack_size *info,
             size_t, size_t);
void dgesdd_(const char *jobz, const lapack_size *m, const lapack_size *n, double *a, const lapack_size *lda, double *s,
             double *u, const lapack_size *ldu, double *vt, const lapack_size *ldvt, double *work,
             const lapack_size *lwork, lapack_size *iwork, lapack_size *info, size_t);
void dgeqrf_(const lapack_size *m, const lapack_size *n, double *a, const lapack_size *lda, double *tau, double *work,
             const lapack_size *lwork, lapack_size *info);
void dorgqr_(const lapack_size *m, const lapack_size *n, const lapack_size *k, double *a, const lapack_size *lda,
             const double *tau, double *work, const lapack_size *lwork, lapack_size *info);
void dgelsd_(const lapack_size *m, const lapack_size *n, const lapack_size *nrhs, double *a, const lapack_size *lda,
             double *b, const lapack_size *ldb, double *s, const double *rcond, lapack_size *rank, double *work,
             const lapack_size *lwork, lapack_size *iwork, lapack_size *info);
#endif
