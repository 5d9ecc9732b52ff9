"""Checksums of Pillow (13.0.0) that PillowTests compares with: every operation without a draw, on three pictures."""
import numpy as np, zlib, PIL, math
from PIL import Image, ImageOps, ImageEnhance
print(PIL.__version__)
def base(): 
    y,x,c=np.meshgrid(range(32),range(32),range(3),indexing='ij'); return ((31*x+17*y+53*c+7*x*y)%200+20).astype(np.uint8)
def second():
    # smooth ramps with saturated ends and a flat channel
    y,x,c=np.meshgrid(range(32),range(32),range(3),indexing='ij')
    a=np.where(c==0,np.clip(x*9-10,0,255),np.where(c==1,(y*y//4+3*x)%256,77)); return a.astype(np.uint8)
def third():
    s=12345; out=[]
    for i in range(3072):
        s=(s*1103515245+12345)%(1<<31); out.append((s>>16)&255)
    return np.array(out,np.uint8).reshape(32,32,3)
def ops(img):
    w,h=img.size
    aff=lambda m: img.transform(img.size, Image.AFFINE, m)
    R=[(-0.3,0.3),(-0.3,0.3),(-0.45,0.45),(-0.45,0.45),(-30,30),None,None,None,(0,256),(4,8),(.1,1.9),(.1,1.9),(.1,1.9),(.1,1.9)]
    names=['ShearX','ShearY','TranslateX','TranslateY','Rotate','AutoContrast','Invert','Equalize','Solarize','Posterize','Contrast','Color','Brightness','Sharpness']
    for n,r in zip(names,R):
        if r is None:
            yield n,6,{'AutoContrast':ImageOps.autocontrast,'Invert':ImageOps.invert,'Equalize':ImageOps.equalize}[n](img); continue
        for m in range(13):
            if m==(12 if n in('Solarize','Posterize') else 6): continue
            v=r[0]+(r[1]-r[0])*m/12
            o={'ShearX':lambda:aff((1,v,0,0,1,0)),'ShearY':lambda:aff((1,0,0,v,1,0)),'TranslateX':lambda:aff((1,0,v*w,0,1,0)),'TranslateY':lambda:aff((1,0,0,0,1,v*h)),
               'Rotate':lambda:img.rotate(v),'Solarize':lambda:ImageOps.solarize(img,v),'Posterize':lambda:ImageOps.posterize(img,int(v)),
               'Contrast':lambda:ImageEnhance.Contrast(img).enhance(v),'Color':lambda:ImageEnhance.Color(img).enhance(v),'Brightness':lambda:ImageEnhance.Brightness(img).enhance(v),'Sharpness':lambda:ImageEnhance.Sharpness(img).enhance(v)}[n]()
            yield n,m,o
for name,f in (('base',base),('ramps',second),('noise',third)):
    img=Image.fromarray(f()); print(name,'%08x'%zlib.crc32(img.tobytes()))
    cur=None
    res={}
    for n,m,o in ops(img): res[n]=zlib.crc32(o.tobytes(),res.get(n,0))
    print({k:'%08x'%v for k,v in res.items()})
    ext={}
    for d in list(range(-135,136,15)): ext['rotate']=zlib.crc32(img.rotate(d).tobytes(),ext.get('rotate',0))
    for s in [-.99,-.66,-.033,.033,.66,.99]:
        ext['shear']=zlib.crc32(img.transform(img.size,Image.AFFINE,(1,s,0,0,1,0)).tobytes(),ext.get('shear',0)); ext['shear']=zlib.crc32(img.transform(img.size,Image.AFFINE,(1,0,0,s,1,0)).tobytes(),ext['shear'])
    for t in [-32,-7,-1,1,7,32]:
        ext['translate']=zlib.crc32(img.transform(img.size,Image.AFFINE,(1,0,t,0,1,0)).tobytes(),ext.get('translate',0)); ext['translate']=zlib.crc32(img.transform(img.size,Image.AFFINE,(1,0,0,0,1,t)).tobytes(),ext['translate'])
    for b in [2,3,4,8]: ext['posterize']=zlib.crc32(ImageOps.posterize(img,b).tobytes(),ext.get('posterize',0))
    for e in [0.01,0.5,1.0,1.5,2.0]:
        for E in (ImageEnhance.Contrast,ImageEnhance.Color,ImageEnhance.Brightness,ImageEnhance.Sharpness): ext['enhance']=zlib.crc32(E(img).enhance(e).tobytes(),ext.get('enhance',0))
    print({k:'%08x'%v for k,v in ext.items()})
    # chains of four on the way
    z=0
    o=list(ops(img)); 
    import itertools
    k=0
    for a in range(0,len(o),7):
        c=list(ops(o[a][2])); n,m,p=c[(a*5+3)%len(c)]; z=zlib.crc32(p.tobytes(),z)
    print('chains','%08x'%z, len(o))
